package io.parley.gateway;

/**
 * Every limit of the gateway, with its unit and what happens when it is reached.
 *
 * @param requests what a request may hold
 * @param streams what an answer may take
 * @param connections what a connection may take
 * @param resumption what is kept of answers for clients that come back
 */
public record GatewayLimits(
    Requests requests, Streams streams, Connections connections, Resumption resumption) {
  public static final GatewayLimits DEFAULTS =
      new GatewayLimits(Requests.DEFAULTS, Streams.DEFAULTS, Connections.DEFAULTS);

  /** Limits with the usual {@link Resumption}. */
  public GatewayLimits(Requests requests, Streams streams, Connections connections) {
    this(requests, streams, connections, Resumption.DEFAULTS);
  }

  /**
   * What a request may hold. Where nothing else is said, more gets a 400 that names the field.
   *
   * @param maxBodyBytes bytes of one body; more gets a 413 as soon as the length is known, and the
   *     connection is closed
   * @param maxBodyBytesInFlight bytes of all bodies that are being read or worked on; a request
   *     that would need more gets a 529
   * @param readTimeoutMs milliseconds from the head of a request to the end of its body; a slower
   *     sender gets a 408, and the connection is closed
   * @param maxJsonDepth how deep objects and arrays may be nested
   * @param maxJsonTokens names, values and brackets in one body; bounds the memory that a body of
   *     many tiny values takes
   * @param maxMessages entries of {@code messages}
   * @param maxTools entries of {@code tools}
   * @param maxStopSequences entries of {@code stop_sequences}
   * @param maxStopSequenceChars characters of one stop sequence
   * @param maxUserIdChars characters of {@code metadata.user_id}
   */
  public record Requests(
      int maxBodyBytes,
      long maxBodyBytesInFlight,
      long readTimeoutMs,
      int maxJsonDepth,
      long maxJsonTokens,
      int maxMessages,
      int maxTools,
      int maxStopSequences,
      int maxStopSequenceChars,
      int maxUserIdChars) {
    public static final Requests DEFAULTS =
        new Requests(32 << 20, 256L << 20, 30_000, 64, 2_000_000, 100_000, 10_000, 256, 1_000, 512);

    public Requests {
      positive(maxBodyBytes, "maxBodyBytes");
      positive(maxBodyBytesInFlight, "maxBodyBytesInFlight");
      positive(readTimeoutMs, "readTimeoutMs");
      positive(maxJsonDepth, "maxJsonDepth");
      positive(maxJsonTokens, "maxJsonTokens");
      positive(maxMessages, "maxMessages");
      positive(maxTools, "maxTools");
      positive(maxStopSequences, "maxStopSequences");
      positive(maxStopSequenceChars, "maxStopSequenceChars");
      positive(maxUserIdChars, "maxUserIdChars");
    }
  }

  /**
   * What an answer may take.
   *
   * @param maxConcurrent calls of the Messages API under way at once, streamed or not; one more
   *     gets a 529
   * @param maxUnsentBytes bytes of one answer that may wait, in memory, for a slow reader; more
   *     resets its connection
   * @param stalledTimeoutMs milliseconds for which a reader may take nothing, or leave the rest of
   *     an answer that has ended; then its connection is reset
   * @param pingIntervalMs milliseconds of silence after which a stream gets a {@code ping}
   * @param sendBufferBytes the kernel's send buffer of a connection; a small one shows early that a
   *     reader is slow
   */
  public record Streams(
      int maxConcurrent,
      int maxUnsentBytes,
      long stalledTimeoutMs,
      long pingIntervalMs,
      int sendBufferBytes) {
    public static final Streams DEFAULTS = new Streams(16_000, 1 << 20, 30_000, 10_000, 64 << 10);

    public Streams {
      positive(maxConcurrent, "maxConcurrent");
      positive(maxUnsentBytes, "maxUnsentBytes");
      positive(stalledTimeoutMs, "stalledTimeoutMs");
      positive(pingIntervalMs, "pingIntervalMs");
      positive(sendBufferBytes, "sendBufferBytes");
    }
  }

  /**
   * What a connection may take.
   *
   * @param maxOpen connections open at once; one more is closed at once
   * @param idleTimeoutMs milliseconds without a request under way, after which a connection is
   *     closed; bytes of a head that never ends do not count as a request
   * @param lingerMs milliseconds for which the rest of a refused body is read and thrown away, so
   *     that the client gets to see the answer, before the connection is closed
   * @param maxRequestLineBytes bytes of method, path and query; more gets a 414
   * @param maxHeaderBytes bytes of all headers; more gets a 431
   */
  public record Connections(
      int maxOpen, long idleTimeoutMs, long lingerMs, int maxRequestLineBytes, int maxHeaderBytes) {
    public static final Connections DEFAULTS =
        new Connections(18_000, 75_000, 2_000, 8 << 10, 32 << 10);

    public Connections {
      positive(maxOpen, "maxOpen");
      positive(idleTimeoutMs, "idleTimeoutMs");
      positive(lingerMs, "lingerMs");
      positive(maxRequestLineBytes, "maxRequestLineBytes");
      positive(maxHeaderBytes, "maxHeaderBytes");
    }
  }

  /**
   * What is kept of answers for clients that come back.
   *
   * @param graceMs milliseconds for which an answer goes on that nobody reads; then its generation
   *     is cancelled. 0 cancels at once
   * @param keptMs milliseconds for which a stream that has ended can be read again
   * @param maxKeptBytes bytes that are kept of one answer; of a longer one the latest are kept, and
   *     who asks for what was before gets a 404 that says so, or a 409 if it has an idempotency key
   * @param maxKeptBytesInAll bytes that are kept of all answers; for more, answers that have ended
   *     are dropped, those that ended first before others, and if there is none then running ones
   *     keep only what their readers have still to get
   */
  public record Resumption(long graceMs, long keptMs, int maxKeptBytes, long maxKeptBytesInAll) {
    public static final Resumption DEFAULTS = new Resumption(5_000, 300_000, 1 << 20, 128L << 20);

    public Resumption {
      if (graceMs < 0) {
        throw new IllegalArgumentException("graceMs must not be negative: " + graceMs);
      }
      positive(keptMs, "keptMs");
      positive(maxKeptBytes, "maxKeptBytes");
      positive(maxKeptBytesInAll, "maxKeptBytesInAll");
    }
  }

  private static void positive(long value, String name) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1: " + value);
    }
  }
}
