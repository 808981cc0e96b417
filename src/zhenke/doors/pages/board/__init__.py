"""The shop board: what was sold, to whom, and how well people were cared for, in findings and pictures."""
