/**
 * Chat over HTTP: the one place here that knows of requests and responses. Main types: {@link
 * io.parley.chat.http.ChatHttp}, which serves a table of {@link io.parley.chat.http.ChatRoute}s,
 * and {@link io.parley.chat.http.ChatCall}, a request as an endpoint sees it.
 *
 * <p>Bodies are read and responses written on event loops; endpoints run on threads that may block.
 */
@NullMarked
package io.parley.chat.http;

import org.jspecify.annotations.NullMarked;
