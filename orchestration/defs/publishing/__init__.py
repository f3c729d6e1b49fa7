"""What readers see: immutable versions of the marts and the links to the current one."""
