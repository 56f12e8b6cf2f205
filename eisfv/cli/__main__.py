"""`python -m eisfv.cli`."""

from eisfv.cli import main

if __name__ == "__main__":
    main()
