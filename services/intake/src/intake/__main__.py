"""`python -m intake` runs the service."""

if __name__ == "__main__":
    # Processes that open hostile input start by importing this file; they need none of the rest.
    from intake.main import main

    main()
