"""Other people's runs: one file = one function = one word of `report import`; files in, rows out."""
