-- When a channel under a limit was called, so that the limit holds over a restart; and why a message was
-- dropped is found by its warning.
CREATE TABLE channel_calls (channel TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX channel_calls_at ON channel_calls(channel, at);
CREATE INDEX deliveries_warning ON deliveries(warning, channel, recipient, seq);
CREATE INDEX deliveries_channel ON deliveries(channel, state, level_rank);
