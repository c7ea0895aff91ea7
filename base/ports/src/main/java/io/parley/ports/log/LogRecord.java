package io.parley.ports.log;

/**
 * One event of a log.
 *
 * @param position rises within a partition, with gaps; at least 1
 * @param key what it is ordered by
 * @param event must not be modified
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed on, never compared
public record LogRecord(long position, String key, byte[] event) {}
