"""Collectors: models, APIs and other people's files in; rows in the glossary's columns out."""
