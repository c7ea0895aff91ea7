package io.parley.gateway.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.common.ParleyException;
import io.parley.gateway.GatewayLimits;
import java.io.IOException;

/** Reads the body of a request. A duplicate key is an error. Thread-safe. */
public final class JsonBody {
  private final JsonMapper mapper;

  public JsonBody(GatewayLimits.Requests limits) {
    this.mapper =
        JsonMapper.builder(factory(limits))
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();
  }

  /**
   * The object that a body holds.
   *
   * @throws ParleyException INVALID_REQUEST if it is not one JSON object within the limits
   */
  public Field parse(byte[] body) {
    try {
      JsonNode tree = mapper.readTree(body);
      if (!tree.isObject()) {
        throw ParleyException.invalid("body: must be a JSON object");
      }
      return Field.body(tree);
    } catch (JsonProcessingException e) {
      throw ParleyException.invalid("body: is not valid JSON: " + what(e) + where(e.getLocation()));
    } catch (IOException e) {
      throw ParleyException.invalid("body: is not valid JSON: it is not UTF-8");
    }
  }

  /** The parser names its own settings in some messages; clients cannot change those. */
  private static String what(JsonProcessingException e) {
    return e.getOriginalMessage().replaceAll(", from `[^`]*`", "");
  }

  private static String where(JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  /** Names from clients must not fill the JVM's table of interned strings. */
  private static JsonFactory factory(GatewayLimits.Requests limits) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxJsonDepth())
                .maxStringLength(limits.maxBodyBytes())
                .maxTokenCount(limits.maxJsonTokens())
                .build())
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();
  }
}
