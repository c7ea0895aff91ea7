package io.parley.gateway.batches;

import io.parley.common.ParleyException;
import io.parley.gateway.json.Field;
import io.parley.gateway.messages.RequestReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the body that makes a batch. Thread-safe. */
final class BatchReader {
  private static final Pattern CUSTOM_ID = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private final RequestReader requests;
  private final int maxRequests;

  BatchReader(RequestReader requests, int maxRequests) {
    this.requests = requests;
    this.maxRequests = maxRequests;
  }

  /**
   * The requests, each valid by itself. Whether there is a model of its name is found out when its
   * turn comes.
   *
   * @throws ParleyException INVALID_REQUEST that names the first thing that is wrong
   */
  List<BatchItem> read(Field body) {
    Field list = body.object(Set.of("requests")).require("requests");
    List<BatchItem> items = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Field item : list.items(maxRequests)) {
      items.add(item(item, ids));
    }
    if (items.isEmpty()) {
      throw list.mustBe("an array of at least one request");
    }
    return items;
  }

  private BatchItem item(Field item, Set<String> ids) {
    Field id = item.object(Set.of("custom_id", "params")).require("custom_id");
    if (!CUSTOM_ID.matcher(id.text()).matches()) {
      throw id.mustBe("1 to 64 letters, digits, _ or -");
    }
    if (!ids.add(id.text())) {
      throw id.error("must be unique in the batch, and " + id.value() + " is there twice");
    }
    Field params = item.require("params");
    requests.check(params);
    return new BatchItem(id.text(), params.value().toString());
  }
}
