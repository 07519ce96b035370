/** The demo: generated web-crawl files, the web-crawl job over them, and what a run shows. */
@NullMarked
package io.letsdata.cli.demo;

import org.jspecify.annotations.NullMarked;
