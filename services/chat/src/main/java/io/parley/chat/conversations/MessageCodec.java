package io.parley.chat.conversations;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.parley.chat.BodyCipher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Messages as bytes: JSON, sealed for their owner and their place. Thread-safe. */
public final class MessageCodec {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new Millis())
                  .addDeserializer(Instant.class, new FromMillis()))
          .build();

  private final BodyCipher cipher;

  public MessageCodec(BodyCipher cipher) {
    this.cipher = cipher;
  }

  /** Never longer than a stored message may be, within the limits of chat. */
  byte[] seal(String userId, Message message) {
    try {
      return cipher.seal(
          userId, place(message.conversationId(), message.id()), MAPPER.writeValueAsBytes(message));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Message open(String userId, String conversationId, String messageId, byte[] sealed) {
    try {
      byte[] json = cipher.open(userId, place(conversationId, messageId), sealed);
      return MAPPER.readValue(json, Message.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String place(String conversationId, String messageId) {
    return "message/" + conversationId + "/" + messageId;
  }

  private static final class Millis extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1;

    Millis() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeNumber(value.toEpochMilli());
    }
  }

  private static final class FromMillis extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1;

    FromMillis() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return Instant.ofEpochMilli(json.getLongValue());
    }
  }
}
