"""``python -m notevault``."""

from notevault.cli import main

if __name__ == "__main__":
    main()
