package io.parley.chat;

import java.time.Duration;

/**
 * Every limit of chat, with its unit. What goes beyond one is refused with a message that names the
 * field and the limit: 400, or the status that is named here.
 *
 * @param maxTitleChars of a title
 * @param maxSystemChars of a conversation's system prompt
 * @param maxTextChars of all text of one message
 * @param maxBlocks of one message, and maxImages those of them that are images
 * @param maxClientIdChars of a client id
 * @param maxConversations of one user; more: 429
 * @param maxRunningAnswers of one user at the same time; more: 429
 * @param maxPage items of one page
 * @param maxImageBytes of one image; more: 413
 * @param maxImagePixels of one image
 * @param maxImageBytesOfUser of all images of one user; more: 429
 * @param maxAnswerTokens that one answer may have; it then ends with {@code max_tokens}
 * @param titleTokens that a title may take
 * @param maxStreams open at once, of all users; more: 529
 * @param maxStreamsOfUser open at once; more: 429
 * @param maxDeltaBytes of text that is sent in one event
 * @param streamKept for which an answer's text can be followed after its end; then the stored
 *     message answers
 * @param streamAlive for which it is kept if nothing more comes
 * @param sendsKept for which a client id means what it was first sent with
 * @param eventsKept for which events can be read again; an older position gets {@code reload}
 * @param keepAlive of silence after which a stream gets a comment
 * @param stalled time for which a reader may take nothing; then its stream is reset
 */
public record ChatLimits(
    int maxTitleChars,
    int maxSystemChars,
    int maxTextChars,
    int maxBlocks,
    int maxImages,
    int maxClientIdChars,
    int maxConversations,
    int maxRunningAnswers,
    int maxPage,
    int maxImageBytes,
    long maxImagePixels,
    long maxImageBytesOfUser,
    int maxAnswerTokens,
    int titleTokens,
    int maxStreams,
    int maxStreamsOfUser,
    int maxDeltaBytes,
    Duration streamKept,
    Duration streamAlive,
    Duration sendsKept,
    Duration eventsKept,
    Duration keepAlive,
    Duration stalled) {

  /** Messages of a bucket. Stored conversations depend on it: it never changes. */
  public static final int BUCKET_MESSAGES = 1_000;

  public static final ChatLimits DEFAULTS =
      new ChatLimits(
          200,
          20_000,
          200_000,
          32,
          10,
          64,
          100_000,
          8,
          200,
          8 << 20,
          40_000_000,
          256L << 20,
          4_096,
          24,
          16_000,
          1_000,
          64 << 10,
          Duration.ofMinutes(5),
          Duration.ofHours(6),
          Duration.ofHours(24),
          Duration.ofDays(7),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30));
}
