// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// The kinds of entries that nsd writes to the journal (journalctl MESSAGE_ID=…). systemd/nsd.catalog
// explains each; never give one another meaning.
namespace nsd::message {

constexpr auto decision = "dfdb2cf59a6d447991eb1ea5991cd794";
constexpr auto namespaceNew = "4179e3361da34a579dc7bedad9c22e0d";
constexpr auto namespaceRemoved = "b25e6ae511f7411689d20ec2b0dc9d7e";
constexpr auto namespaceDegraded = "3b58099c35e94ac4bc63896923585d03";
constexpr auto namespaceQuarantined = "db4cae837b1a4b548b10764f6fb6e63d";
constexpr auto leaseEnded = "57837564bf5047b58ddcf3c9a7d1a47a";
constexpr auto linkMoved = "c0f8b1d8a1c94f6c9c7d20f2b6a5f0e7";
constexpr auto linkReturned = "5a6d3f4ee9b24c62b0f3c1f7d8e4a913";
constexpr auto processStarted = "1462a7c20dd342709fdfda8db30b4ab8";
constexpr auto processEnded = "99f82f42dafe4e419b9616d1e70bd9ad";

} // namespace nsd::message
