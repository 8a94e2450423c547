"""Faxes as they come in: TIFF and PDF, decoded for real before they are believed."""
