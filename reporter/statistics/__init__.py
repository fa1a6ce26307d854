"""One file, one function, one question. Arrays in; one frozen record out, or ``Degenerate``."""
