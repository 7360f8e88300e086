package driver

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// openLog makes the logger of a connector: the caller's, the Logfile, both or neither. The closer may be nil.
func openLog(c *Config, logger *slog.Logger) (*slog.Logger, io.Closer, error) {
	if c.Logfile == "" {
		if logger == nil {
			logger = slog.New(watch.log)
		}
		return logger, nil, nil
	}
	file, err := os.OpenFile(c.Logfile, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("bitbucket: cannot open the Logfile: %w", err)
	}
	var handler slog.Handler = slog.NewTextHandler(file, &slog.HandlerOptions{Level: logLevel(c.Verbosity)})
	if logger != nil {
		handler = slog.NewMultiHandler(handler, logger.Handler())
	}
	return slog.New(handler), file, nil
}

// logLevel is the least level that a Verbosity logs. Statements are logged at the level info, requests at debug, and each
// further step is four levels down, as slog counts: scans (levelScan), then headers and bodies, which package api logs.
func logLevel(verbosity int) slog.Level {
	return slog.LevelInfo - slog.Level(4*(verbosity-1))
}
