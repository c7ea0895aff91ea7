package io.parley.chat.answers;

import io.parley.chat.BodyCipher;
import io.parley.chat.ChatLimits;
import io.parley.chat.conversations.TokenUsage;
import io.parley.ports.stream.Piece;
import io.parley.ports.stream.Reading;
import io.parley.ports.stream.StreamBuffers;
import java.util.Optional;

/**
 * The texts of answers that are being written, as streams of sealed pieces. Offsets are in UTF-16
 * units of the whole text. Thread-safe; blocks.
 */
public final class AnswerTexts {
  private final StreamBuffers buffers;
  private final BodyCipher cipher;
  private final ChatLimits limits;

  public AnswerTexts(StreamBuffers buffers, BodyCipher cipher, ChatLimits limits) {
    this.buffers = buffers;
    this.cipher = cipher;
    this.limits = limits;
  }

  /**
   * A part of a text.
   *
   * @param from where it begins: the offset that was asked for
   * @param length of the whole text that there is by now
   * @param end whether no more comes behind this part
   */
  public record Part(long from, String text, long length, boolean end) {
    public long to() {
      return from + text.length();
    }
  }

  /**
   * Adds text at an offset, which is where the text so far ends; not empty.
   *
   * @param soFar what this run of the answer has taken when it comes
   */
  void append(String userId, String stream, long from, String text, TokenUsage soFar) {
    byte[] piece = new TextPiece(text, soFar).encode();
    byte[] sealed = cipher.seal(userId, place(stream, from), piece);
    buffers.append(stream, new Piece(from, from + text.length(), sealed), limits.streamAlive());
  }

  /** No more comes. */
  void end(String stream) {
    buffers.end(stream, limits.streamKept());
  }

  void remove(String stream) {
    buffers.remove(stream);
  }

  /**
   * The text from an offset on, or a first part of it; empty if there is no such stream, or none
   * any more.
   *
   * @param maxBytes about how much is wanted
   */
  public Optional<Part> read(String userId, String stream, long from, int maxBytes) {
    return buffers.read(stream, from, maxBytes).map(reading -> open(userId, stream, from, reading));
  }

  private Part open(String userId, String stream, long from, Reading reading) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : reading.pieces()) {
      text.append(open(userId, stream, piece).text());
    }
    if (!reading.pieces().isEmpty()) {
      text.delete(0, (int) (from - reading.pieces().getFirst().from()));
    }
    return new Part(from, text.toString(), reading.length(), reading.end());
  }

  private TextPiece open(String userId, String stream, Piece piece) {
    return TextPiece.decode(cipher.open(userId, place(stream, piece.from()), piece.bytes()));
  }

  /** All the text that there is; empty if there is no such stream. */
  Optional<String> whole(String userId, String stream) {
    return read(userId, stream, 0, Integer.MAX_VALUE).map(Part::text);
  }

  /** What the run of the answer had taken when its last text came; nothing if there is no text. */
  TokenUsage taken(String userId, String stream) {
    return buffers
        .read(stream, 0, Integer.MAX_VALUE)
        .filter(reading -> !reading.pieces().isEmpty())
        .map(reading -> open(userId, stream, reading.pieces().getLast()).soFar())
        .orElse(TokenUsage.NONE);
  }

  /** Has somebody woken when there is more. Does not block. */
  public StreamBuffers.Subscription subscribe(String stream, Runnable wake) {
    return buffers.subscribe(stream, wake);
  }

  private static String place(String stream, long from) {
    return stream + "/" + from;
  }
}
