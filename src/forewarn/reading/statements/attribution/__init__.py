"""Attribution: sources, cues and contents, by the order of words first and by syntax second."""
