package io.parley.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LinesTest {
  private static LoggingEvent event(Throwable fault) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    LoggingEvent event =
        new LoggingEvent(
            "here",
            context.getLogger("io.parley.Some"),
            Level.WARN,
            "a \"{}\" happened",
            fault,
            new Object[] {"thing"});
    event.setKeyValuePairs(List.of(new KeyValuePair("request_id", "req_1")));
    return event;
  }

  @Test
  void aJsonLineIsOneObjectWithWhatIsKnown() throws IOException {
    String line =
        new String(
            new JsonLines().encode(event(new IOException("no space left"))),
            StandardCharsets.UTF_8);
    assertThat(line).endsWith("\n").hasLineCount(1);
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("logger").asText()).isEqualTo("io.parley.Some");
    assertThat(json.get("message").asText()).isEqualTo("a \"thing\" happened");
    assertThat(json.get("request_id").asText()).isEqualTo("req_1");
    assertThat(json.get("error").asText()).startsWith("java.io.IOException: no space left\n\tat ");
  }

  @Test
  void aTextLineIsForPeople() {
    String line =
        new String(
            new TextLines().encode(event(new IllegalStateException("secret words"))),
            StandardCharsets.UTF_8);
    assertThat(line)
        .contains("WARN  Some: a \"thing\" happened request_id=req_1\n")
        .contains("java.lang.IllegalStateException\n\tat ")
        .doesNotContain("secret");
  }
}
