"""A written report on its way out: what would change, the calls that change it, and the receipt."""
