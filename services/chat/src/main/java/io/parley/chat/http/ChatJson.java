package io.parley.chat.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.parley.common.ParleyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Collectors;

/** JSON as chat speaks it: records both ways, snake_case, times in UTC with milliseconds. */
public final class ChatJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(new SimpleModule().addSerializer(Instant.class, new InstantSerializer()))
          .build();

  private ChatJson() {}

  private static final class InstantSerializer extends StdSerializer<Instant> {
    private static final long serialVersionUID = 1;

    InstantSerializer() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(TIME.format(value));
    }
  }

  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws ParleyException INVALID_REQUEST that names the field which is wrong
   */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw ParleyException.invalid("body: must be a JSON object");
      }
      return value;
    } catch (UnrecognizedPropertyException e) {
      throw ParleyException.invalid(place(e) + ": is no field of this request");
    } catch (JsonMappingException e) {
      throw ofTheRecord(e)
          .orElseGet(
              () ->
                  ParleyException.invalid(
                      place(e) + ": has the wrong type, or the body is no JSON object"));
    } catch (JacksonException e) {
      throw ParleyException.invalid("body: is no valid JSON");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A record says itself what is wrong with its components, and names them. */
  private static Optional<ParleyException> ofTheRecord(Throwable e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof ParleyException known) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  private static String place(JsonMappingException e) {
    String path =
        e.getPath().stream()
            .map(
                step ->
                    step.getFieldName() == null
                        ? Integer.toString(step.getIndex())
                        : step.getFieldName())
            .collect(Collectors.joining("."));
    return path.isEmpty() ? "body" : path;
  }
}
