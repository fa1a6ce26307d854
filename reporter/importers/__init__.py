"""Other people's runs: one file = one function = one word of `report import`; files in, rows out."""

from reporter.importers._result import Imported
from reporter.importers._save import save

__all__ = ["Imported", "save"]
