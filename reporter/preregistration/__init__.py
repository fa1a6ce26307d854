"""The plan of a study: frozen before the data, and compared with the study when its report is built."""
