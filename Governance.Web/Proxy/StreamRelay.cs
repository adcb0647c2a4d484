using Governance.Domain.Proxy;

namespace Governance.Web.Proxy;

/// <summary>
/// Relays a stream byte for byte and as they come, and reads the usage on the way. Nothing is sent before the first whole
/// event, so that a provider that fails until then is answered with a proper status.
/// </summary>
internal static class StreamRelay
{
    /// <summary>An event has some hundred bytes and there are many streams at once, so a stream begins with room for a few; one that fills it gets more.</summary>
    private const int SmallSize = 4 * 1024, LargeSize = 16 * 1024;

    /// <param name="relay">The answer.</param>
    /// <param name="framing">How it is cut into events.</param>
    /// <param name="withholdUsage">The usage event was asked for by the proxy, not by the caller, who must not see it.</param>
    public static async Task<Relayed> RunAsync(Relay relay, StreamFraming framing, bool withholdUsage)
    {
        var state = new State(relay, framing, withholdUsage);
        try
        {
            await using var stream = await relay.Upstream.Content.ReadAsStreamAsync(relay.Deadline.Token);
            while (true)
            {
                var count = await stream.ReadAsync(state.FreeSpace(), relay.Deadline.Token);
                if (count == 0) break;
                relay.Received();
                state.Append(count);
                await state.ForwardWholeEventsAsync();
                if (state.Buffered > relay.MaxBytes) return await state.EndAsync(ProxyErrors.ProviderGarbage);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return await state.EndAsync(ProxyErrors.ProviderCut);
        }
        catch (InvalidDataException)
        {
            return await state.EndAsync(relay.Reader.Understood ? ProxyErrors.ProviderCut : ProxyErrors.ProviderGarbage);
        }
        catch (OperationCanceledException) when (!relay.Deadline.CallerGone)
        {
            return await state.EndAsync(ProxyErrors.ProviderTimeout);
        }

        await state.ForwardRestAsync();
        return state.Complete ? new Relayed(state.Failed ? CallOutcome.ProviderError : CallOutcome.Succeeded)
            : await state.EndAsync(relay.Reader.Understood ? ProxyErrors.ProviderCut : ProxyErrors.ProviderGarbage);
    }

    private sealed class State(Relay relay, StreamFraming framing, bool withholdUsage)
    {
        private byte[] _buffer = new byte[SmallSize];
        private int _scanned;
        private bool _started;

        public int Buffered { get; private set; }

        /// <summary>The end of the stream was seen: its last event, the usage, or an error.</summary>
        public bool Complete { get; private set; }

        public bool Failed { get; private set; }

        /// <summary>Only something understood proves that this is an answer; until then everything is held back.</summary>
        private bool MayStart => _started || Complete || relay.Reader.Understood;

        public Memory<byte> FreeSpace()
        {
            if (_buffer.Length - Buffered < SmallSize / 2) Grow();
            return _buffer.AsMemory(Buffered);
        }

        public void Append(int count)
        {
            Buffered += count;
            if (Buffered == _buffer.Length) Grow(); // More is waiting.
        }

        public async ValueTask ForwardWholeEventsAsync()
        {
            // Events that follow each other are sent in one piece; a withheld one divides them, and an error, which some SDKs look for in a piece of its own.
            var (sent, position) = (0, _scanned);
            while (framing.FirstFrameLength(_buffer.AsSpan(position, Buffered - position)) is > 0 and var length)
            {
                var withheld = Withhold(_buffer.AsSpan(position, length));
                if (withheld || Failed)
                {
                    await SendAsync(_buffer.AsMemory(sent, position - sent));
                    sent = withheld ? position + length : position;
                }

                position += length;
            }

            _scanned = position;
            if (!MayStart) return;
            await SendAsync(_buffer.AsMemory(sent, position - sent));
            _buffer.AsSpan(position, Buffered - position).CopyTo(_buffer);
            Buffered -= position;
            _scanned = 0;
        }

        /// <summary>What stands behind the last whole event when the provider ended the stream properly.</summary>
        public async ValueTask ForwardRestAsync()
        {
            if (!framing.EndCompletesFrame) Buffered = _scanned;
            var rest = _buffer.AsMemory(_scanned, Buffered - _scanned);
            var withheld = !rest.IsEmpty && Withhold(rest.Span);
            if (MayStart) await SendAsync(_buffer.AsMemory(0, withheld ? _scanned : Buffered));
            Buffered = 0;
        }

        /// <summary>Ends a stream that broke: with a status if nothing was sent yet, else with an error event.</summary>
        public async ValueTask<Relayed> EndAsync(ProxyError error)
        {
            if (!_started) return new Relayed(error.Outcome, error);
            var (name, data) = relay.Errors.Event(error);
            await relay.SendAsync(framing.LastFrame(name, data));
            return new Relayed(error.Outcome);
        }

        /// <summary>Reads one event, and tells whether the caller must not see it.</summary>
        private bool Withhold(ReadOnlySpan<byte> bytes)
        {
            var frame = framing.Read(bytes);
            if (frame.Data.IsEmpty) return false;
            var part = relay.Reader.ReadFrame(frame);
            Failed |= part == AnswerPart.Error;
            Complete |= part is AnswerPart.UsageOnly or AnswerPart.End or AnswerPart.Error;
            return withholdUsage && part == AnswerPart.UsageOnly;
        }

        private void Grow() => Array.Resize(ref _buffer, Math.Max(LargeSize, _buffer.Length * 2));

        private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
        {
            if (bytes.IsEmpty) return;
            if (!_started) relay.CopyHead();
            _started = true;
            await relay.SendAsync(bytes);
        }
    }
}
