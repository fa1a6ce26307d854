"""Reads a written report: what in it cannot be true, does not follow from its data, or claims too much?"""
