package io.parley.model.source;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads JSON that is not trusted: a name that occurs twice in an object, nesting beyond {@link
 * #MAX_DEPTH} and anything after the end are errors.
 */
public final class StrictJson {
  /** Objects and arrays inside one another. */
  public static final int MAX_DEPTH = 32;

  /** Characters of one string. */
  public static final int MAX_STRING_LENGTH = 4 << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING_LENGTH)
                  .build())
          .build();
  private static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

  private StrictJson() {}

  /** Reads a value with a parser. */
  @FunctionalInterface
  public interface Reader<T> {
    /** The value at which the parser stands, of which it reads everything. */
    T read(JsonParser parser) throws IOException;
  }

  /**
   * Reads a file.
   *
   * @throws ModelFileException if it has more than {@code maxBytes}, or is not one JSON object
   * @throws IOException if it cannot be read
   */
  public static JsonNode readObject(Path file, long maxBytes) throws IOException {
    return read(file, maxBytes, JsonParser::readValueAsTree);
  }

  /** As {@link #readObject(Path, long)}, piece by piece. */
  public static <T> T read(Path file, long maxBytes, Reader<T> reader) throws IOException {
    if (Files.size(file) > maxBytes) {
      throw new ModelFileException(
          "%s: is larger than the %d bytes that are read of such a file".formatted(file, maxBytes));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in, reader);
    }
  }

  /**
   * Reads a stream, which holds one JSON object.
   *
   * @param name what errors begin with
   */
  public static <T> T read(String name, InputStream in, Reader<T> reader) throws IOException {
    try (JsonParser parser = MAPPER.createParser(in)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ModelFileException(name + ": is not a JSON object");
      }
      T value = reader.read(parser);
      if (parser.nextToken() != null) {
        throw new ModelFileException(name + ": goes on after its end");
      }
      return value;
    } catch (JacksonException e) {
      throw new ModelFileException(name + ": is not JSON: " + e.getOriginalMessage());
    } catch (CharConversionException e) {
      throw new ModelFileException(name + ": is not JSON: " + e.getMessage());
    }
  }
}
