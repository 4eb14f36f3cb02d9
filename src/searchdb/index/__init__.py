"""What an index is: the seam to the engines, and the manifest that says which index this is."""
