@NullMarked
package io.parley.gateway.http;

import org.jspecify.annotations.NullMarked;
