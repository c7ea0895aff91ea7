package io.parley.chat;

/**
 * Seals what users wrote before it is stored, and opens it again. Thread-safe; may block.
 *
 * <p>What was sealed for one user and one place opens for these alone: bytes that were moved, or
 * are another's, are as good as damaged.
 */
public interface BodyCipher {
  /** Leaves everything as it is. */
  BodyCipher PLAIN =
      new BodyCipher() {
        @Override
        public byte[] seal(String userId, String place, byte[] plain) {
          return plain;
        }

        @Override
        public byte[] open(String userId, String place, byte[] sealed) {
          return sealed;
        }
      };

  /**
   * Seals some bytes.
   *
   * @param userId whose they are
   * @param place where they will be stored, such as {@code message/conv_…/cmsg_…}
   */
  byte[] seal(String userId, String place, byte[] plain);

  /**
   * Opens them.
   *
   * @throws io.parley.common.ParleyException NOT_FOUND if the user's key is gone for ever, API if
   *     they are damaged
   */
  byte[] open(String userId, String place, byte[] sealed);
}
