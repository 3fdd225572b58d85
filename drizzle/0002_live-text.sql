CREATE TABLE "live_frames" (
	"id_hash" text NOT NULL,
	"n" integer NOT NULL,
	"is_last" boolean NOT NULL,
	"payload" text NOT NULL,
	CONSTRAINT "live_frames_id_hash_n_pk" PRIMARY KEY("id_hash","n")
);
--> statement-breakpoint
CREATE TABLE "live_streams" (
	"id_hash" text PRIMARY KEY NOT NULL,
	"next_frame" integer DEFAULT 0 NOT NULL,
	"size_bytes" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "shares" ADD COLUMN "kind" text DEFAULT 'document' NOT NULL;--> statement-breakpoint
ALTER TABLE "live_frames" ADD CONSTRAINT "live_frames_id_hash_live_streams_id_hash_fk" FOREIGN KEY ("id_hash") REFERENCES "public"."live_streams"("id_hash") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "live_streams" ADD CONSTRAINT "live_streams_id_hash_shares_id_hash_fk" FOREIGN KEY ("id_hash") REFERENCES "public"."shares"("id_hash") ON DELETE cascade ON UPDATE no action;