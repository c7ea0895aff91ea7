/**
 * What can be set, and how it is read. Main types: {@link io.parley.server.config.ParleyConfig},
 * whose records are the list of all settings with their documentation, and {@link
 * io.parley.server.config.ConfigLoader}, which fills them from flags, the environment, a YAML file
 * and the defaults, in this order.
 *
 * <p>To add a setting, add a record component with a {@link io.parley.server.config.Setting}: file
 * key, environment variable, checks and documentation follow from it. Everything is immutable or
 * confined to the one thread that loads. Knows of no service.
 */
@NullMarked
package io.parley.server.config;

import org.jspecify.annotations.NullMarked;
