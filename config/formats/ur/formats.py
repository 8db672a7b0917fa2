"""Urdu dates are written as the Somali ones. Django has no formats for it, and reads the names of this module."""

from config.formats.so.formats import *  # noqa: F403
