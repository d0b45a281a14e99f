using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReportIntake.Web.ErrorHandling;

public static class ErrorHandlingSetup
{
    /// <summary>Strict JSON (unknown members and numbers for enums are refused) and problem documents for everything that goes wrong.</summary>
    public static IServiceCollection AddErrorHandling(this IServiceCollection services)
    {
        services.AddSingleton<ErrorText>();
        services.AddExceptionHandler<ExceptionProblems>();
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => Configure(options.SerializerOptions));
        return services;
    }

    /// <summary>The API's JSON: camelCase members, snake_case enums, nothing unknown.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new UtcMicrosecondConverter());
    }

    /// <summary>RFC 3339 in UTC, cut to microseconds on the way in, as every database here keeps them.</summary>
    private sealed class UtcMicrosecondConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var time = reader.GetDateTimeOffset().ToUniversalTime();
            return time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }
}
