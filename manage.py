#!/usr/bin/env python3
"""Command line. In a checkout where `make demo` has run, commands work on the demo without further settings."""

import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    var_dir = Path(os.environ.get("VAR_DIR", Path(__file__).parent / "var"))
    # Only the command line may fall back to the demo's key; a web server never does (see config/settings.py).
    if not {"SECRET_KEY", "SECRET_KEY_FILE"} & set(os.environ) and (var_dir / "secret_key").exists():
        os.environ.setdefault("DEMO", "1")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
