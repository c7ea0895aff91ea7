package io.parley.engine.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The text of one sequence, as its tokens' bytes come in. Bytes that are not yet a whole character
 * are held back, and so is text that could still turn out to be the beginning of a stop sequence;
 * bytes that can be no UTF-8 become U+FFFD, as {@link String#String(byte[],
 * java.nio.charset.Charset)} does it.
 *
 * <p>Of all stop sequences the one counts that ends first in the text, and of those that end at the
 * same char the longest. That depends on the text alone, not on how it was cut into tokens.
 */
public final class TokenText {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final StopMatcher matcher;
  private final StringBuilder held = new StringBuilder();
  private ByteBuffer undecoded = ByteBuffer.allocate(0);
  private @Nullable String stopSequence;

  /** {@code stopSequences}: none empty, each well-formed UTF-16. */
  public TokenText(List<String> stopSequences) {
    matcher = new StopMatcher(stopSequences);
  }

  /** The stop sequence that ended the text; null as long as none did. */
  public @Nullable String stopSequence() {
    return stopSequence;
  }

  public boolean isStopped() {
    return stopSequence != null;
  }

  /** Takes the bytes of the next token; returns the text that is now certain, maybe none. */
  public String append(byte[] bytes) {
    // Control tokens have no bytes, and decoding nothing shows in a simulation of millions of them.
    return bytes.length == 0 ? "" : certain(decode(bytes, false));
  }

  /**
   * Nothing more will come: returns all that was held back, up to a stop sequence; nothing if one
   * was found already.
   */
  public String finish() {
    if (isStopped()) {
      return "";
    }
    String text = certain(decode(new byte[0], true));
    return isStopped() ? text : text + release(held.length());
  }

  private CharBuffer decode(byte[] bytes, boolean last) {
    ByteBuffer in =
        ByteBuffer.allocate(undecoded.remaining() + bytes.length).put(undecoded).put(bytes).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining()); // no byte gives more than one char
    decoder.decode(in, out, last);
    undecoded = in;
    return out.flip();
  }

  private String certain(CharBuffer text) {
    while (text.hasRemaining() && stopSequence == null) {
      char c = text.get();
      held.append(c);
      stopSequence = matcher.read(c);
    }
    return stopSequence == null
        ? release(held.length() - matcher.undecided())
        : release(held.length() - stopSequence.length());
  }

  private String release(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }
}
