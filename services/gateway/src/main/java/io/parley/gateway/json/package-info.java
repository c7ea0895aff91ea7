/**
 * Reading what clients send as JSON, strictly: {@link io.parley.gateway.json.JsonBody} parses
 * within the limits, and every method of a {@link io.parley.gateway.json.Field} that finds
 * something wrong says where it is and what would be right. Immutable and thread-safe; knows of no
 * HTTP and of no particular request.
 */
@NullMarked
package io.parley.gateway.json;

import org.jspecify.annotations.NullMarked;
