"""What the app does, without a browser: scenarios on disk, futures, comparisons, jobs."""
