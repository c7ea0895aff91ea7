package io.parley.chat.conversations;

import io.parley.common.ParleyException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Width and height of a picture, from its first bytes: nothing is decoded. Formats: PNG (RFC 2083),
 * JPEG (ITU-T T.81), GIF (89a), WebP (RFC 9649).
 */
record ImageHead(int width, int height) {
  private static final int JPEG_MARKER = 0xFF;
  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;

  /**
   * Reads it.
   *
   * @throws ParleyException INVALID_REQUEST if it is not of this type, or has too many pixels
   */
  static ImageHead read(String mediaType, byte[] bytes, long maxPixels) {
    ImageHead head;
    try {
      head =
          switch (mediaType) {
            case "image/png" -> png(ByteBuffer.wrap(bytes));
            case "image/jpeg" -> jpeg(ByteBuffer.wrap(bytes));
            case "image/gif" -> gif(little(bytes));
            case "image/webp" -> webp(little(bytes));
            default ->
                throw ParleyException.invalid(
                    "content-type: must be image/png, image/jpeg, image/gif or image/webp, and is "
                        + mediaType);
          };
    } catch (IndexOutOfBoundsException | java.nio.BufferUnderflowException e) {
      throw broken(mediaType);
    }
    long pixels = (long) head.width * head.height;
    if (pixels < 1 || pixels > maxPixels) {
      throw ParleyException.invalid(
          "body: an image has 1 to %d pixels, and this one %d x %d"
              .formatted(maxPixels, head.width, head.height));
    }
    return head;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ParleyException broken(String mediaType) {
    return ParleyException.invalid("body: is no " + mediaType);
  }

  private static ImageHead png(ByteBuffer in) {
    if (in.getLong(0) != PNG_SIGNATURE || !ascii(in, 12, 4).equals("IHDR")) {
      throw broken("image/png");
    }
    return new ImageHead(in.getInt(16), in.getInt(20));
  }

  /** Walks over the segments to the frame header. */
  private static ImageHead jpeg(ByteBuffer in) {
    if (in.getShort(0) != (short) 0xFFD8) {
      throw broken("image/jpeg");
    }
    int at = 2;
    while ((in.get(at) & 0xFF) == JPEG_MARKER) {
      int marker = in.get(at + 1) & 0xFF;
      if (marker == JPEG_MARKER) {
        at++; // fill bytes
      } else if (isFrame(marker)) {
        return new ImageHead(in.getShort(at + 7) & 0xFFFF, in.getShort(at + 5) & 0xFFFF);
      } else {
        at += 2 + (in.getShort(at + 2) & 0xFFFF);
      }
    }
    throw broken("image/jpeg");
  }

  /** SOF0 to SOF15, without the three of other meaning in between. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static ImageHead gif(ByteBuffer in) {
    if (!ascii(in, 0, 4).equals("GIF8")) {
      throw broken("image/gif");
    }
    return new ImageHead(in.getShort(6) & 0xFFFF, in.getShort(8) & 0xFFFF);
  }

  private static ImageHead webp(ByteBuffer in) {
    if (!ascii(in, 0, 4).equals("RIFF") || !ascii(in, 8, 4).equals("WEBP")) {
      throw broken("image/webp");
    }
    return switch (ascii(in, 12, 4)) {
      case "VP8X" -> new ImageHead(1 + three(in, 24), 1 + three(in, 27));
      case "VP8 " -> new ImageHead(in.getShort(26) & 0x3FFF, in.getShort(28) & 0x3FFF);
      case "VP8L" -> lossless(in.getInt(21));
      default -> throw broken("image/webp");
    };
  }

  /** 14 bits of width less one, 14 bits of height less one. */
  private static ImageHead lossless(int bits) {
    return new ImageHead(1 + (bits & 0x3FFF), 1 + ((bits >>> 14) & 0x3FFF));
  }

  private static int three(ByteBuffer in, int at) {
    return (in.getShort(at) & 0xFFFF) | (in.get(at + 2) & 0xFF) << 16;
  }

  private static String ascii(ByteBuffer in, int at, int length) {
    byte[] bytes = new byte[length];
    in.get(at, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
