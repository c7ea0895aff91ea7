@NullMarked
package io.parley.gateway.inprocess;

import org.jspecify.annotations.NullMarked;
