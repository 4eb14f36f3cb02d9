"""`python -m searchdb` is `searchdb`."""

from searchdb.cli.app import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
