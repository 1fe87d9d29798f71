internal import Studies
