"""When the work is done: the job, its schedules and its sensor."""
