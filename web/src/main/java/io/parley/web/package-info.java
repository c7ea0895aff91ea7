/**
 * The web pages of this server as files on the class path: the chat app, the operator console, and
 * the libraries that they use. Main type: {@link io.parley.web.WebFiles}. It knows nothing of what
 * the pages talk to.
 */
@NullMarked
package io.parley.web;

import org.jspecify.annotations.NullMarked;
