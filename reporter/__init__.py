"""From language-model entropy measurements to a checkable report."""

__version__ = "0.1.0"
