"""The checks: one file each, with one public function of the same name, listed here and nowhere else."""
