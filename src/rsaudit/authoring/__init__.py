"""Writing dossiers for people to go on with: YAML files, from a workbook or from nothing."""
