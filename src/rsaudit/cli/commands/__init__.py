"""The commands, one module each; `rsaudit.cli.app` lists them."""
