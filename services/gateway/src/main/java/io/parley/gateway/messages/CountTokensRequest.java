package io.parley.gateway.messages;

import java.util.List;

/** A valid request to count the tokens of a prompt; see {@link MessagesRequest}. */
record CountTokensRequest(String model, Conversation conversation, List<Notice> notices) {
  CountTokensRequest {
    notices = List.copyOf(notices);
  }
}
