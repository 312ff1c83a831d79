"""`python -m rsaudit`."""

from rsaudit.cli import main

if __name__ == "__main__":
    main()
