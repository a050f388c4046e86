// Loaded before a script whose peak memory is measured: prints it, in KiB, when the script ends.
process.on('exit', () => process._rawDebug(`peak ${process.resourceUsage().maxRSS}`));
